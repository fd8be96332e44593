// @ts-check
// The link's token stands behind the #, where no server and no log sees it: it goes into the form, out of the address, and off.
const token = new URLSearchParams(location.hash.slice(1)).get("token");
const form = document.getElementById("link");
if (token && form instanceof HTMLFormElement) {
  history.replaceState(null, "", location.pathname + location.search);
  const field = form.elements.namedItem("token");
  if (field instanceof HTMLInputElement) {
    field.value = token;
    form.requestSubmit();
  }
}
