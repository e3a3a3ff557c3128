-- An article's versions aren't numbered 1, 2, 3 … without a gap.

select known_versions.article_id as offender
from known_versions
group by known_versions.article_id
having min(known_versions.version) <> 1 or max(known_versions.version) <> count(*);
