import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, openable } from "./links";

test("only what an app would open is opened", () => {
  for (const url of ["https://a.example/x?y#z", "http://a.example", "tg://user?id=5", "mailto:ann@a.example"]) {
    assert.equal(openable(url), url);
  }
  for (const url of [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "data:text/html,x",
    "file:///etc",
    "/page",
    "",
    "https://",
  ]) {
    assert.equal(openable(url), null);
  }
});

test("a bare address is one of the web, an e-mail one of mail", () => {
  const entity = (type: string, url?: string) => ({ type, offset: 0, length: 1, ...(url ? { url } : {}) });

  assert.equal(addressOf(entity("url"), "shop.example/a"), "http://shop.example/a");
  assert.equal(addressOf(entity("url"), "shop.example:8080/a"), "http://shop.example:8080/a");
  assert.equal(addressOf(entity("url"), "https://shop.example"), "https://shop.example");
  assert.equal(addressOf(entity("email"), "ann@shop.example"), "mailto:ann@shop.example");
  assert.equal(addressOf(entity("text_link", "https://a.example/"), "here"), "https://a.example/");
  assert.equal(addressOf(entity("text_link", "javascript:alert(1)"), "here"), null);
  assert.equal(addressOf(entity("bold"), "https://a.example"), null);
});
