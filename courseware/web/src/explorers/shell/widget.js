// An explorer as anywidget wants it: each input is a trait of the same name, the last result a trait of its own.
import { build, enliven } from "./enliven.js";

let made = 0;

export function widget(explorer, limits) {
  return {
    render({ model, el }) {
      const ids = model.get("inputs");
      const given = () => Object.fromEntries(ids.map((id) => [id, model.get(id)]));
      made += 1;
      build(el, explorer, limits, given(), `explorer-${made}`);
      const keep = (values, result) => {
        for (const id of ids) if (model.get(id) !== values[id]) model.set(id, values[id]);
        model.set("result", result);
        model.save_changes();
      };
      const alive = enliven(el, explorer, limits, given(), keep);
      keep(alive.values(), alive.result());
      const take = () => {
        if (ids.some((id) => model.get(id) !== alive.values()[id])) keep({ ...alive.values(), ...given() }, alive.set(given()));
      };
      for (const id of ids) model.on(`change:${id}`, take);
      return () => {
        for (const id of ids) model.off(`change:${id}`, take);
      };
    },
  };
}
