-- Pairs that share text and belong to a story on either side, the most shared words first.

select
    copies.article_id,
    later.url,
    later.outlet,
    later.title,
    later.published_at,
    copies.source_id,
    source.url as source_url,
    source.outlet as source_outlet,
    source.title as source_title,
    source.published_at as source_published_at,
    copies.containment,
    copies.source_containment,
    copies.shared_words,
    copies.longest_run_words,
    copies.kind,
    copies.direction,
    copies.common_agency
from copies
inner join articles as later on copies.article_id = later.article_id
inner join articles as source on copies.source_id = source.article_id
where
    exists (
        select 1
        from story_articles
        where
            story_articles.story = $story
            and story_articles.article_id in (copies.article_id, copies.source_id)
    )
order by
    copies.shared_words desc,
    copies.article_id,
    copies.source_id
