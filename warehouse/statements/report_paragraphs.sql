-- The paragraphs of a story's articles, in reading order.

select
    paragraphs.article_id,
    paragraphs.position,
    paragraphs.kind,
    paragraphs.start_char,
    paragraphs.start_char + length(paragraphs.text) as end_char,
    paragraphs.word_count,
    paragraphs.is_original
from paragraphs
inner join story_articles using (article_id)
where story_articles.story = $story
order by
    paragraphs.article_id,
    paragraphs.position;
