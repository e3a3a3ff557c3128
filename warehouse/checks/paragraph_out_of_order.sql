-- An article's paragraphs aren't numbered 0, 1, 2 …, each once.

select article_id as offender
from new_paragraphs
group by article_id
having
    min(position) <> 0
    or max(position) <> count(*) - 1
    or count(distinct position) <> count(*);
