/**
The look of an exported page: light and dark, on a phone and on paper, without a font, a picture or a script.
*/
export const exportStyle = `
:root {
	color-scheme: light dark;
	--text: light-dark(#1c1c1f, #e6e6ea);
	--dim: light-dark(#5f5f69, #a0a0ab);
	--page: light-dark(#fbfbfa, #17171a);
	--card: light-dark(#ffffff, #202025);
	--line: light-dark(#d8d8dc, #3a3a42);
	--good: light-dark(#1a7f4b, #4cc38a);
	--warn: light-dark(#a15c00, #f0b35b);
	--g0: light-dark(#2563c9, #7fb0ff);
	--g1: light-dark(#b3401f, #ff9b7a);
	--g2: light-dark(#1a7f4b, #63d69b);
	--g3: light-dark(#8a3fb0, #d39cf2);
	--g4: light-dark(#8a6a00, #e3c04f);
	--g5: light-dark(#00798c, #58c9db);
}
* { box-sizing: border-box; }
body {
	margin: 0;
	background: var(--page);
	color: var(--text);
	font: 16px/1.55 system-ui, sans-serif;
}
main { max-width: 76rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3 { line-height: 1.25; margin: 1.6em 0 0.5em; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.2rem; }
h3 { font-size: 1rem; margin: 0; }
ul { padding-left: 1.2rem; }
.run + .run { border-top: 3px solid var(--line); margin-top: 3rem; }
.text {
	white-space: pre-wrap;
	overflow-wrap: anywhere;
	unicode-bidi: plaintext;
}
.dim { color: var(--dim); }
.question { font-size: 1.1rem; }
.outcome, .columns {
	display: grid;
	gap: 1rem;
	grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr));
	align-items: start;
}
.answer, .dissent, .group, .card {
	background: var(--card);
	border: 1px solid var(--line);
	border-radius: 0.5rem;
	padding: 0.8rem 1rem;
	min-width: 0;
}
.answer { border-left: 5px solid var(--good); }
.dissent { border-left: 5px solid var(--warn); }
.answer h2, .dissent h2 { margin-top: 0; }
.group { border-top: 5px solid var(--line); display: grid; gap: 0.8rem; }
.g0 { border-top-color: var(--g0); }
.g1 { border-top-color: var(--g1); }
.g2 { border-top-color: var(--g2); }
.g3 { border-top-color: var(--g3); }
.g4 { border-top-color: var(--g4); }
.g5 { border-top-color: var(--g5); }
.alone { border-top-style: dashed; }
.card p { margin: 0.3rem 0; }
.final { font-weight: 600; }
.measure { display: flex; gap: 0.6rem; align-items: center; margin: 0.4rem 0; }
.bar { width: 10rem; max-width: 50%; height: 0.6rem; flex: none; }
.track { fill: var(--line); }
.fill { fill: var(--good); }
.below { fill: var(--warn); }
.mark { fill: var(--text); }
details { margin: 0.4rem 0; }
.inside { border-inline-start: 3px solid var(--line); padding-inline-start: 0.8rem; }
summary { cursor: pointer; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; }
th, td {
	border: 1px solid var(--line);
	padding: 0.3rem 0.6rem;
	text-align: left;
	vertical-align: top;
	overflow-wrap: anywhere;
	max-width: 24rem;
}
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
@media print {
	:root { color-scheme: light; }
	body { background: none; font-size: 11pt; }
	main { max-width: none; padding: 0; }
	details::details-content { content-visibility: visible; block-size: auto; }
	.card, tr { break-inside: avoid; }
	h1, h2, h3 { break-after: avoid; }
	.run { break-before: page; }
	.run:first-of-type { break-before: auto; }
	.bar rect { print-color-adjust: exact; }
}
`;
