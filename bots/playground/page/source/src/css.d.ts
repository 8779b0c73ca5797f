// esbuild gathers what is imported here into page.css.

declare module "*.css";
