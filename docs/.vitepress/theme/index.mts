// The default theme without its web font: what the reader's system has is there at once.
import theme from "vitepress/theme-without-fonts";
import "./style.css";

export default theme;
