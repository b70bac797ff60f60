-- $1 ids: the settings stay, who changed them is forgotten.
update widget_config_history as h set changed_by = null where h.id = any ($1)
