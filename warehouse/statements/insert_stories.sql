insert into stories (story, title, definition, since, until)
select
    story,
    title,
    definition,
    since,
    until
from staged_stories
on conflict (story) do update set
    title = excluded.title,
    definition = excluded.definition,
    since = excluded.since,
    until = excluded.until;
