"""The questionnaires that come with the product: samples, each to be approved by the company that uses it."""
