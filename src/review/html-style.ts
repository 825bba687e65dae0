// The style of the HTML page: light and dark by the reader's choice, and everything unfolded on paper.

export const htmlStyle = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--line:#d9dee5;--text:#1c2330;--soft:#5b6675;--code:#eef1f5;--red:#b42318;--amber:#9a5b00;--green:#1a7f37;--blue:#175cd3}
@media (prefers-color-scheme:dark){:root{--page:#0f131a;--card:#171d26;--line:#2d3644;--text:#e4e9f0;--soft:#98a4b5;--code:#212936;--red:#ff8a80;--amber:#f0b44c;--green:#63d38a;--blue:#84b4ff}}
*{box-sizing:border-box}
body{margin:0;padding:2rem 1rem 4rem;background:var(--page);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:68rem;margin:0 auto}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}
.lead{color:var(--soft);margin:0 0 1.5rem}
.cards{display:flex;flex-wrap:wrap;gap:.75rem;margin:0 0 1.5rem}
.card{flex:1 1 8rem;background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.7rem 1rem}
.card b{display:block;font-size:1.5rem;line-height:1.2;font-variant-numeric:tabular-nums}
.card span{color:var(--soft);font-size:.85rem}
.alert{border-left:4px solid var(--amber);background:var(--card);border-radius:.3rem;padding:.7rem 1rem;margin:0 0 1.5rem}
.bad{color:var(--red)}.warn{color:var(--amber)}.good{color:var(--green)}.info{color:var(--blue)}.soft{color:var(--soft)}
details{background:var(--card);border:1px solid var(--line);border-radius:.6rem;margin:0 0 1rem;padding:0 1rem}
summary{cursor:pointer;padding:.8rem 0;font-weight:600}
summary .soft{font-weight:400}
.scroll{overflow-x:auto;margin:0 0 1rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.45rem .7rem;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:600;font-size:.85rem}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
code,pre{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{background:var(--code);border-radius:.3rem;padding:.1rem .3rem;overflow-wrap:anywhere}
pre{background:var(--code);border-radius:.5rem;padding:.8rem 1rem;margin:0 0 1rem;white-space:pre-wrap;overflow-wrap:anywhere}
h3{font-size:1rem;margin:1rem 0 .5rem}h3 .soft{font-weight:400}
ul{margin:0 0 1rem;padding-left:1.3rem}
footer{color:var(--soft);margin-top:2rem}
@media print{
body{background:#fff;padding:0}
details{break-inside:auto;border-color:#999}
details::details-content{content-visibility:visible;height:auto}
pre{border:1px solid #ccc}
h3{break-after:avoid}
}
`;
