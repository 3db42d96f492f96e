// Paper is light: the dark theme steps aside while a page is printed.
const root = document.documentElement;
let theme = "";
window.addEventListener("beforeprint", () => {
  theme = root.dataset.theme;
  root.dataset.theme = "light";
});
window.addEventListener("afterprint", () => {
  if (theme) root.dataset.theme = theme;
});
