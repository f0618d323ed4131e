"""The helpers of the tests do what the tests rely on."""

from support import MAIN_CF, MASTER_CF, TABLE, corpus_files, needs_corpus, needs_postfix, run_postconf


@needs_corpus
def test_corpus_files_exist_with_what_postconf_said() -> None:
    files = list(corpus_files(MAIN_CF, MASTER_CF))
    assert {file.kind for file in files} == {MAIN_CF, MASTER_CF}
    assert all(file.path.is_file() and file.recorded.is_file() for file in files)
    assert len(list(corpus_files())) > len(files) + len(list(corpus_files(TABLE))) > len(files) > 0


@needs_postfix
def test_postconf_reads_the_given_files_and_no_others() -> None:
    run = run_postconf("-n", main="mydomain = a.example\n", master="")
    assert "mydomain = a.example\n" in run.stdout
    services = run_postconf("-M", master="smtp inet n - n - - smtpd\n").stdout.splitlines()
    assert [line.split() for line in services] == [["smtp", "inet", "n", "-", "n", "-", "-", "smtpd"]]
