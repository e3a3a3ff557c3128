-- Title: Whose text is copied most?
-- About: Outlets by the words that others took from them, in pairs whose direction is proven; agencies can be left out.
-- Parameter story: name of a story; all stories without it
-- Parameter agencies: no leaves out articles that credit an agency

select
    sources.outlet,
    count(distinct copies.source_id) as articles_copied,
    count(distinct articles.outlet) as outlets_copying,
    sum(copies.shared_words) as words_copied
from copies
inner join articles using (article_id)
inner join articles as sources on copies.source_id = sources.article_id
where
    copies.direction = 'source_first'
    and copies.kind <> 'quote'
    and articles.outlet <> sources.outlet
    and (
        $agencies is distinct from 'no'
        or len(sources.agencies) = 0
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
