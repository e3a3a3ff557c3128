select
    story,
    title,
    since,
    until
from stories
where story = $story;
