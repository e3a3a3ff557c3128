-- Title: Which texts were reprinted most?
-- About: Each group of near-identical copies: whose text it is, in how many articles and outlets it stands, how many of them credit an agency, and when it and its last copy appeared.
-- Parameter story: name of a story; all stories without it

select
    wire_groups.group_id,
    any_value(wire_groups.agency) as agency,
    max(articles.outlet) filter (where wire_groups.role = 'origin') as origin,
    max(articles.title) filter (where wire_groups.role = 'origin') as title,
    count(*) as articles,
    count(distinct articles.outlet) as outlets,
    count(*) filter (where len(articles.agencies) > 0) as crediting_an_agency,
    max(articles.published_at) filter (where wire_groups.role = 'origin') as published_at,
    max(articles.published_at) as last_copy_at
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
group by wire_groups.group_id
order by
    articles desc,
    wire_groups.group_id;
