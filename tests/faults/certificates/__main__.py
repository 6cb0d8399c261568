from tests.faults.certificates import make_all

make_all()
