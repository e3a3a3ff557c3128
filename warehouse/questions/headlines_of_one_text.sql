-- Title: Which headlines were given to the same text?
-- About: For each group of near-identical copies, the headline that each member gave it.
-- Parameter story: name of a story; all stories without it

select
    wire_groups.group_id,
    wire_groups.role,
    articles.outlet,
    articles.title,
    articles.published_at,
    articles.url
from wire_groups
inner join articles using (article_id)
where
    $story is null
    or exists (
        select 1
        from story_articles
        where
            story_articles.article_id = articles.article_id
            and story_articles.story = $story
    )
order by
    wire_groups.group_id,
    wire_groups.role desc,
    articles.published_at,
    articles.url;
