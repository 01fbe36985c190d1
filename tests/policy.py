"""What the content security policy of a page forbids is kept, for every context of a browser in which a test looks at pages."""

from playwright.sync_api import BrowserContext

POLICY = "content security policy:"
REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`))"""


def watch_policy(context: BrowserContext, broken: list[str]) -> None:
    """Keep what breaks the content security policy on any page of the context."""
    context.add_init_script(REPORT_VIOLATIONS)
    context.on("console", lambda said: broken.append(said.text) if said.text.startswith(POLICY) else None)
