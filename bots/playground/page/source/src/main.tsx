import "./theme.css";
import { render } from "preact";
import { App } from "./app";
import { PageState } from "./state";

const state = new PageState(location.hash);
render(<App state={state} />, document.getElementById("page")!);
state.start();
