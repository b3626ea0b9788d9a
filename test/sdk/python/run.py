"""The Python SDK, opa-wasmtime, over a file of vectors: python test/sdk/python/run.py policy.wasm vectors.json"""

import json
import sys

from opa_wasmtime import OPAPolicy


def main(module, path):
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    policy = OPAPolicy(module)
    passed = failed = 0
    loaded = None
    for vector in vectors["vectors"]:
        if vector["revocations"] != loaded:
            loaded = vector["revocations"]
            known = vectors["revocations"][loaded]
            policy.set_data({} if known is None else {"revocations": known})
        expected = vector["decision"]
        decision, allow = (ask(policy, vector["input"], point) for point in ("writ/decision", "writ/allow"))
        if decision == expected and allow is expected["allow"]:
            passed += 1
        else:
            failed += 1
            print(f"{vector['case']}\n  expected {json.dumps(expected)}\n  actual   {json.dumps(decision)}, allow {allow}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def ask(policy, question, entrypoint):
    answers = policy.evaluate(question, entrypoint)
    return answers[0]["result"] if answers else None


sys.exit(main(*sys.argv[1:]))
