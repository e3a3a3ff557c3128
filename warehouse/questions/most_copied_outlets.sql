-- Title: Whose text is copied most?
-- About: Outlets by the words of their own that others took from them, where the times prove the order; text that an outlet has copied itself counts for its source alone.
-- Parameter story: name of a story; all stories without it
-- Parameter agencies: no leaves out agencies and articles that credit one

with taken as (
    select
        reused_passages.article_id,
        reused_passages.source_id,
        sum(reused_passages.words) as words
    from reused_passages
    inner join paragraphs
        on
            reused_passages.source_id = paragraphs.article_id
            and reused_passages.source_paragraph = paragraphs.position
    where paragraphs.is_original
    group by
        reused_passages.article_id,
        reused_passages.source_id
)

select
    sources.outlet,
    count(distinct copies.source_id) as articles_copied,
    count(distinct articles.outlet) as outlets_copying,
    cast(sum(taken.words) as bigint) as words_copied
from copies
inner join taken using (article_id, source_id)
inner join articles using (article_id)
inner join articles as sources on copies.source_id = sources.article_id
where
    copies.direction = 'source_first'
    and copies.kind <> 'quote'
    and articles.outlet <> sources.outlet
    and (
        $agencies is distinct from 'no'
        or (
            sources.publishing_agency is null
            and len(sources.agencies) = 0
        )
    )
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
group by sources.outlet
order by
    words_copied desc,
    sources.outlet;
