select
    position,
    kind,
    text,
    word_count,
    is_original
from paragraphs
where article_id = $article_id
order by position;
