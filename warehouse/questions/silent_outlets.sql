-- Title: Which outlets are silent or broken?
-- About: Outlets that brought nothing in the latest crawl: silent ones answer, broken ones can't be read as things are.
-- Parameter story: name of a story; all stories without it

select
    story,
    outlet,
    status,
    reason,
    expected,
    found,
    fetched
from outlet_health
where
    status <> 'ok'
    and (
        $story is null
        or story = $story
    )
order by
    story,
    status,
    outlet;
