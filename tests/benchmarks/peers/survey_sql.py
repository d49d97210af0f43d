"""A survey's scores by nothing but SQL, as one would write it by hand for this one questionnaire."""

JOINED = "survey_responses r join survey_answers a on a.response_id = r.id where r.campaign_id = {campaign}"
WEIGHT = "case item when 'quality' then 0.4 when 'packaging' then 0 when 'competitiveness' then 0 else 0.2 end"
GROUP = (
    "case item when 'quality' then 'product' when 'packaging' then 'product' when 'delivery' then 'delivery' "
    "when 'service' then 'service' else 'competitiveness' end"
)
QUERIES = {
    "items": f"select customer, item, points, count(*) from {JOINED} and points is not null group by 1, 2, 3",
    "customers": "select customer, avg(mean), count(*) from (select r.customer, r.id, "
    f"sum({WEIGHT} * points) / nullif(sum({WEIGHT}), 0) as mean from {JOINED} and points is not null "
    "group by r.id, r.customer) as each_one group by customer",
    "groups": f"select grp, avg(mean), count(*) from (select {GROUP} as grp, r.id, "
    f"sum({WEIGHT} * points) / nullif(sum({WEIGHT}), 0) as mean from {JOINED} and points is not null "
    "group by r.id, 1) as each_one group by grp",
}
