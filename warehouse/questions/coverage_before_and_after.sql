-- Title: How did coverage change at a moment?
-- About: Articles that appeared before and after a moment, such as a press conference or an agency's first text. An article whose date is too coarse to tell counts as either, one without a date as undated.
-- Parameter moment (required): a day or a time with its zone: 2024-01-30 or 2024-01-30T14:00+01:00; a day begins at midnight UTC
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
),

words as (
    select
        article_id,
        sum(word_count) as all_words,
        coalesce(sum(word_count) filter (where is_original), 0) as own_words
    from paragraphs
    group by article_id
),

placed as (
    select
        article_id,
        outlet,
        case
            when published_at is null then 'undated'
            when published_latest < cast($moment as timestamptz) then 'before'
            when published_earliest >= cast($moment as timestamptz) then 'after'
            else 'either'
        end as side
    from articles
    semi join listed using (article_id)
)

select
    placed.side,
    count(*) as articles,
    count(originals.article_id) as without_copies,
    count(distinct placed.outlet) as outlets,
    cast(coalesce(sum(words.all_words), 0) as bigint) as words,
    round(sum(words.own_words) / nullif(sum(words.all_words), 0), 2) as original_share
from placed
left join words using (article_id)
left join originals using (article_id)
group by placed.side
order by list_position(['before', 'either', 'after', 'undated'], placed.side);
