select
    story,
    run_id,
    outlet,
    expected,
    found,
    fetched,
    kept,
    status,
    reason
from outlet_health
where
    $story is null
    or story = $story
order by
    story,
    case status
        when 'broken' then 0
        when 'silent' then 1
        else 2
    end,
    outlet;
