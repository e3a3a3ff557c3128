-- An article's paragraphs, joined, aren't its text, or a paragraph's start_char is wrong.

with joined as (
    select
        articles.article_id,
        articles.text,
        string_agg(paragraphs.text, chr(10) || chr(10) order by paragraphs.position) as paragraph_text,
        coalesce(
            bool_and(
                substr(articles.text, paragraphs.start_char + 1, length(paragraphs.text)) = paragraphs.text
            ),
            articles.text = ''
        ) as is_in_place
    from articles
    inner join checked_texts using (article_id)
    left join paragraphs using (article_id)
    group by
        articles.article_id,
        articles.text
)

select article_id as offender
from joined
where
    coalesce(paragraph_text, '') <> text
    or not is_in_place;
