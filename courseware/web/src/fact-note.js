// Escape puts a fact's note away without moving hover or focus, until the pointer or the focus leaves it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const fact of document.querySelectorAll(".fact:is(:hover, :focus-within)")) {
    fact.classList.add("fact-dismissed");
    const again = () => fact.classList.remove("fact-dismissed");
    fact.addEventListener("mouseleave", again, { once: true });
    fact.addEventListener("focusout", again, { once: true });
  }
});
