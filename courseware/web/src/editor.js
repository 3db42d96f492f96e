// The editor, loaded when a cell is first touched.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// Colours are the page's custom properties, so that light and dark follow the theme switch without a second editor.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--code-comment)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.className], color: "var(--code-name)" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "transparent", color: "var(--code-text)", fontSize: "inherit" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--pst-font-family-monospace)", lineHeight: "1.5" },
  ".cm-content": { padding: "0.75rem 0", caretColor: "var(--code-text)" },
  ".cm-line": { padding: "0 0 0 0.375rem" }, // code keeps nearly all of its room beside the lines' numbers
  // Opaque: the numbers stay where they are while a long line scrolls away under them.
  ".cm-gutters": { backgroundColor: "var(--code-back)", color: "var(--code-comment)", border: "none" },
  ".cm-activeLine": { backgroundColor: "var(--code-line)" },
  ".cm-cursor": { borderLeftColor: "var(--code-text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--code-selection)",
  },
});

export function createEditor({ doc, parent, label, describedBy, onRun, onLeave, onChange }) {
  const run = () => (onRun(), true);
  const leave = () => (onLeave(), true);
  let pointed = false;
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        indentUnit.of("    "),
        python(),
        syntaxHighlighting(colours),
        look,
        keymap.of([
          { key: "Mod-Enter", run },
          { key: "Shift-Enter", run },
          { key: "Escape", run: leave },
          { key: "Tab", run: indentMore, shift: indentLess },
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": describedBy, spellcheck: "false", tabindex: "0" }),
        EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())),
        // Somebody tabbing through the page passes; Tab indents once they have clicked or typed here.
        EditorView.domEventHandlers({
          focus: (_event, editor) => editor.setTabFocusMode(!pointed),
          blur: () => void (pointed = false),
          pointerdown: (_event, editor) => {
            pointed = true;
            editor.setTabFocusMode(false);
          },
          beforeinput: (_event, editor) => editor.setTabFocusMode(false),
        }),
      ],
    }),
  });
  return view;
}
