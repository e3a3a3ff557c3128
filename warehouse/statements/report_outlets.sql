-- What the user's own table says of the story's outlets.

select
    outlets.outlet,
    outlets.country,
    outlets.owner,
    outlets.type
from outlets
where
    outlets.outlet in (
        select articles.outlet
        from articles
        inner join story_articles using (article_id)
        where story_articles.story = $story
    )
order by outlets.outlet;
