-- With their verdicts: rows that a transaction updates are held in memory until it ends.

insert into paragraphs by name
select
    staged_paragraphs.*,
    judged_paragraphs.is_original
from staged_paragraphs
left join judged_paragraphs using (article_id, position);
