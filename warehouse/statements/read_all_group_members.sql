select
    article_id,
    group_id
from wire_groups;
