select
    fate,
    reason,
    count(*) as urls
from url_fates
where run_id = $run_id
group by
    fate,
    reason
order by
    fate,
    urls desc,
    reason;
