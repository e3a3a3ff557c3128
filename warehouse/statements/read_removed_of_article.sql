select
    position,
    text,
    rule
from removed_blocks
where article_id = $article_id
order by ordinal;
