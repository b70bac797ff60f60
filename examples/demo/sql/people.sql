-- The people of this tutorial. In production these ids come from the identity provider, as the claim "sub".

\set alice '00000000-0000-4000-8000-0000000a11ce'
\set bob   '00000000-0000-4000-8000-000000000b0b'
\set carol '00000000-0000-4000-8000-00000000ca01'
