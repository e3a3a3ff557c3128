-- Title: Who ran the agency's text without credit?
-- About: Articles that carry most of a text that belongs to an agency's group or to an article crediting an agency, and credit no agency themselves.
-- Parameter story: name of a story; all stories without it

with agency_texts as (
    select
        articles.article_id,
        coalesce(wire_groups.agency, articles.agencies[1]) as agency
    from articles
    left join wire_groups using (article_id)
    where
        wire_groups.agency is not null
        or len(articles.agencies) > 0
),

carried as (
    select
        copies.article_id,
        agency_texts.agency,
        copies.containment as share_of_article,
        copies.source_id
    from copies
    inner join agency_texts on copies.source_id = agency_texts.article_id
    union all
    select
        wire_groups.article_id,
        wire_groups.agency,
        coalesce(copies.containment, 1.0) as share_of_article,
        copies.source_id
    from wire_groups
    left join copies using (article_id)
    where
        wire_groups.agency is not null
        and wire_groups.role = 'copy'
)

select
    articles.outlet,
    articles.title,
    articles.byline_raw,
    carried.agency,
    round(max(carried.share_of_article), 2) as share_of_article,
    articles.url
from carried
inner join articles using (article_id)
where
    len(articles.agencies) = 0
    and carried.share_of_article >= 0.5
    and (
        $story is null
        or exists (
            select 1
            from story_articles
            where
                story_articles.article_id = articles.article_id
                and story_articles.story = $story
        )
    )
group by
    articles.outlet,
    articles.title,
    articles.byline_raw,
    carried.agency,
    articles.url
order by
    share_of_article desc,
    articles.url;
