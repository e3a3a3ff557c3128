-- Texts of articles by their places; a join would read the texts of all, matched or not.

select
    rowid as place,
    text
from articles
where rowid in (select unnest($places::bigint[]));
