-- Articles of a part of the index, the earliest first.

select number
from internal.indexed_articles
where number between $first and $last
order by
    published_latest nulls last,
    article_id;
