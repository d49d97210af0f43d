"""WeCom (企业微信): the product on the phones most people carry."""
