-- An article's paragraphs, joined, aren't its text, or a paragraph's start_char is wrong.

with joined as (
    select
        article_id,
        string_agg(text, chr(10) || chr(10) order by position) as paragraph_text
    from paragraphs
    where article_id in (select checked_texts.article_id from checked_texts)
    group by article_id
),

lengths as (
    select
        article_id,
        position,
        start_char,
        length(text) as chars
    from paragraphs
    where article_id in (select checked_texts.article_id from checked_texts)
),

places as (
    select
        article_id,
        start_char,
        coalesce(
            sum(chars + 2) over (
                partition by article_id
                order by position
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as start_in_text
    from lengths
)

select articles.article_id as offender
from articles
inner join checked_texts using (article_id)
left join joined using (article_id)
where coalesce(joined.paragraph_text, '') <> articles.text
union
select article_id as offender
from places
where
    start_char <> start_in_text
    and article_id in (select articles.article_id from articles);
