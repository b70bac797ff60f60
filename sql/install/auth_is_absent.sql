select to_regnamespace('auth') is null
