-- The passages of several pairs with the text on both sides, in reading order.

with pairs as (
    select
        unnest($article_ids) as article_id,
        unnest($source_ids) as source_id
)

select
    reused_passages.article_id,
    reused_passages.paragraph,
    substring(
        later.text,
        reused_passages.start_char + 1,
        reused_passages.end_char - reused_passages.start_char
    ) as text,
    reused_passages.source_id,
    reused_passages.source_paragraph,
    substring(
        source.text,
        reused_passages.source_start_char + 1,
        reused_passages.source_end_char - reused_passages.source_start_char
    ) as source_text,
    reused_passages.words,
    reused_passages.similarity
from reused_passages
inner join pairs using (article_id, source_id)
inner join articles as later on reused_passages.article_id = later.article_id
inner join articles as source on reused_passages.source_id = source.article_id
order by
    reused_passages.article_id,
    reused_passages.source_id,
    reused_passages.start_char,
    reused_passages.source_start_char
