-- Title: How much of each outlet's coverage is its own?
-- About: Words in paragraphs that are the outlet's own, over all words. Words in paragraphs whose order the times don't prove are counted apart.
-- Parameter story: name of a story; all stories without it

with listed as (
    select article_id
    from articles
    where
        $story is null
        or exists (
            select 1
            from story_articles
            where
                story_articles.article_id = articles.article_id
                and story_articles.story = $story
        )
)

select
    articles.outlet,
    count(distinct articles.article_id) as articles,
    sum(paragraphs.word_count) as words,
    round(
        coalesce(sum(paragraphs.word_count) filter (where paragraphs.is_original), 0)
        / sum(paragraphs.word_count),
        2
    ) as original_share,
    round(
        coalesce(sum(paragraphs.word_count) filter (where paragraphs.is_original is null), 0)
        / sum(paragraphs.word_count),
        2
    ) as undecided_share
from articles
semi join listed using (article_id)
inner join paragraphs using (article_id)
group by articles.outlet
having sum(paragraphs.word_count) > 0
order by
    original_share desc nulls last,
    articles.outlet;
