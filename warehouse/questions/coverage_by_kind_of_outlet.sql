-- Title: How does coverage differ by country, owner or type of outlet?
-- About: Articles, texts and original words by what the table of `wirecopy import-outlets` says of their outlets; outlets that it leaves out are one row without a name.
-- Parameter by: country, owner, type or another column of the table; country without it
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

kinds as (
    select
        outlet,
        case coalesce($by, 'country')
            when 'country' then country
            when 'owner' then owner
            when 'type' then type
            else if(
                exists (select 1 from outlets where extra ->> $by is not null),
                extra ->> $by,
                error('the table of outlets has no column ' || $by)
            )
        end as kind
    from outlets
),

words as (
    select
        article_id,
        sum(word_count) as all_words,
        coalesce(sum(word_count) filter (where is_original), 0) as own_words
    from paragraphs
    group by article_id
)

select
    kinds.kind,
    count(distinct articles.outlet) as outlets,
    count(*) as articles,
    count(originals.article_id) as without_copies,
    cast(coalesce(sum(words.all_words), 0) as bigint) as words,
    round(sum(words.own_words) / nullif(sum(words.all_words), 0), 2) as original_share
from articles
semi join listed using (article_id)
left join kinds using (outlet)
left join words using (article_id)
left join originals using (article_id)
group by kinds.kind
order by
    articles desc,
    kinds.kind nulls last;
