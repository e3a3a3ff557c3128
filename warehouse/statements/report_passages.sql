-- The passages of the pairs of report_pairs, in reading order.

select
    reused_passages.article_id,
    reused_passages.source_id,
    reused_passages.start_char,
    reused_passages.end_char,
    reused_passages.source_start_char,
    reused_passages.source_end_char,
    reused_passages.words,
    reused_passages.similarity
from reused_passages
where
    reused_passages.article_id in (
        select story_articles.article_id from story_articles where story_articles.story = $story
    )
    or reused_passages.source_id in (
        select story_articles.article_id from story_articles where story_articles.story = $story
    )
order by
    reused_passages.article_id,
    reused_passages.source_id,
    reused_passages.start_char,
    reused_passages.source_start_char;
