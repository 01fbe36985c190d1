/* A chart as a picture: with its name, its period and its sentence, because a picture travels without the page. A button marked
data-picture says in which form: svg, or png. */
(() => {
  "use strict";

  const [WIDTH, HEIGHT, SCALE] = [1280, 640, 2];
  const LINE = 150; // Characters of a line below the chart.

  const textOf = (root, selector) => root?.querySelector(selector)?.textContent.trim() ?? "";

  const plain = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

  const lines = (text) =>
    text.split(/\s+/).reduce((found, word) => {
      const last = found[found.length - 1];
      return last && last.length + word.length < LINE ? [...found.slice(0, -1), `${last} ${word}`] : [...found, word];
    }, []);

  const beside = (text, at) => ({
    text, xref: "paper", yref: "paper", x: 0, xanchor: "left", align: "left", showarrow: false, ...at,
  });

  const figureOf = (section) => {
    const graph = section.querySelector(".js-plotly-plot");
    const style = getComputedStyle(section);
    const font = { color: style.color, size: 14 };
    const said = lines(textOf(section, ".sentence")).map(plain).join("<br>");
    const period = plain(textOf(section.closest(".report"), ".report-standing"));
    return {
      data: graph.data.map((trace) => ({ ...trace, showlegend: Boolean(trace.name) })),
      layout: {
        ...graph.layout,
        width: WIDTH,
        height: HEIGHT,
        autosize: false,
        showlegend: true,
        legend: { orientation: "h", x: 1, xanchor: "right", y: 1.02, yanchor: "bottom", font },
        paper_bgcolor: style.backgroundColor,
        margin: { l: 64, r: 32, t: 128, b: 128 },
        title: { text: `<b>${plain(textOf(section, "h2"))}</b>`, x: 0.02, xanchor: "left", y: 0.96, yanchor: "top",
          font: { ...font, size: 22 } },
        annotations: [
          ...(graph.layout.annotations ?? []),
          beside(period, { y: 1, yshift: 44, yanchor: "bottom", font }),
          beside(said, { y: 0, yshift: -44, yanchor: "top", font }),
        ],
      },
    };
  };

  const drawn = (address) =>
    new Promise((done, failed) => {
      const image = new Image();
      image.onload = () => done(image);
      image.onerror = failed;
      image.src = address;
    });

  /* Through an address of the data itself: the page's policy lets no other picture in. */
  const pngOf = async (address) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH * SCALE, height: HEIGHT * SCALE });
    canvas.getContext("2d").drawImage(await drawn(address), 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/png");
  };

  const nameOf = (section, form) => {
    const words = `watchroom ${location.pathname.split("/").pop()} ${textOf(section, "h2")}`;
    return `${words.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.${form}`;
  };

  const keep = (address, name) => Object.assign(document.createElement("a"), { href: address, download: name }).click();

  const onClick = async ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-picture]") : null;
    const section = button?.closest(".report-section");
    if (!section?.querySelector(".js-plotly-plot") || !window.Plotly) {
      return;
    }
    const form = button.dataset.picture;
    const svg = await window.Plotly.toImage(figureOf(section), { format: "svg", width: WIDTH, height: HEIGHT });
    keep(form === "png" ? await pngOf(svg) : svg, nameOf(section, form));
  };

  document.addEventListener("click", onClick);
})();
