select
    reused_passages.article_id,
    reused_passages.paragraph,
    reused_passages.start_char,
    reused_passages.end_char,
    substr(
        articles.text,
        greatest(reused_passages.start_char - $context, 0) + 1,
        least(reused_passages.start_char, $context)
    ) as before,
    substr(
        articles.text, reused_passages.start_char + 1, reused_passages.end_char - reused_passages.start_char
    ) as text,
    substr(articles.text, reused_passages.end_char + 1, $context) as after,
    reused_passages.source_id,
    reused_passages.source_paragraph,
    reused_passages.source_start_char,
    reused_passages.source_end_char,
    substr(
        sources.text,
        greatest(reused_passages.source_start_char - $context, 0) + 1,
        least(reused_passages.source_start_char, $context)
    ) as source_before,
    substr(
        sources.text,
        reused_passages.source_start_char + 1,
        reused_passages.source_end_char - reused_passages.source_start_char
    ) as source_text,
    substr(sources.text, reused_passages.source_end_char + 1, $context) as source_after,
    reused_passages.words,
    reused_passages.similarity
from reused_passages
inner join articles on reused_passages.article_id = articles.article_id
inner join articles as sources on reused_passages.source_id = sources.article_id
where
    reused_passages.article_id = $article_id
    and reused_passages.source_id = $source_id
order by
    reused_passages.start_char,
    reused_passages.source_start_char;
