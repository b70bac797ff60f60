-- What \df+ says about the functions of maintenance.

comment on function frontdesk.run_maintenance is
    'One bounded round of everything periodic, a row per task with what it did and how long it took; one row "busy" while another round is running. For operators.';
