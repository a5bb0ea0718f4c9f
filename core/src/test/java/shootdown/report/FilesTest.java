package shootdown.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import shootdown.model.TestResult;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reports that are written to files: pages, traces, JUnit's XML.
class FilesTest {
  private static final Lost LOST =
      new Lost("a<b", "litmus/a.litmus", "latest", "x86-64", "boom & \u0001 <end>");

  @Test
  void html() {
    Golden.check("results.html", write(new HtmlFormat()));
  }

  @Test
  void perfetto() {
    Golden.check("trace.json", write(new PerfettoFormat()));
  }

  @Test
  void junit() {
    Golden.check("junit.xml", write(new JunitFormat()));
  }

  @Test
  void whatIsInAPageClosesWhatItOpens() throws Exception {
    String page = write(new HtmlFormat());
    String body = page.substring(page.indexOf("<body>"), page.indexOf("</html>"));
    Element root = parse(body).getDocumentElement();
    assertEquals(7, root.getElementsByTagName("details").getLength());
    assertEquals(3, root.getElementsByTagName("table").getLength());
    assertFalse(page.contains("http"), "a page needs nothing else");
  }

  @Test
  void junitCountsWhatItHolds() throws Exception {
    Element root = parse(write(new JunitFormat())).getDocumentElement();
    assertEquals("7", root.getAttribute("tests"));
    assertEquals(7, root.getElementsByTagName("testcase").getLength());
    assertEquals("2", root.getAttribute("failures"));
    assertEquals(2, root.getElementsByTagName("failure").getLength());
    assertEquals("2", root.getAttribute("errors"));
    assertEquals(2, root.getElementsByTagName("error").getLength());
    assertEquals(3, root.getElementsByTagName("testsuite").getLength());
  }

  /// Slices of a thread lie within each other or beside each other, or the viewer drops them.
  @Test
  void slicesAreNested() {
    Map<String, Deque<Long>> open = new TreeMap<>();
    int slices = 0;
    for (var event : events(write(new PerfettoFormat()))) {
      if (event.get("ph").equals("X")) {
        long begin = Long.parseLong(event.get("ts"));
        long end = begin + Long.parseLong(event.get("dur"));
        var stack = open.computeIfAbsent(
            event.get("pid") + "/" + event.get("tid"), _ -> new ArrayDeque<>());
        while (!stack.isEmpty() && stack.peek() <= begin) {
          stack.pop();
        }
        assertTrue(stack.isEmpty() || end <= stack.peek(), event::toString);
        assertTrue(end > begin, event::toString);
        stack.push(end);
        slices++;
      }
    }
    assertTrue(slices > 20, "slices: " + slices);
    assertTrue(open.size() >= 4, open::toString);
  }

  @Test
  void withoutACounterexampleThereIsATraceWithoutEvents() {
    var format = new PerfettoFormat();
    assertEquals(
        List.of(), events(format.begin() + format.next(Results.fixed()) + format.end(1)));
  }

  private static String write(Format format) {
    var text = new StringBuilder(format.begin());
    for (TestResult result : Results.all()) {
      text.append(format.next(result));
    }
    return text.append(format.lost(LOST)).append(format.end(1.5)).toString();
  }

  private static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  /// The fields of each event that are no objects.
  private static List<Map<String, String>> events(String text) {
    var events = new ArrayList<Map<String, String>>();
    int depth = 0;
    String name = "";
    try (var json = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        switch (token) {
          case START_OBJECT -> {
            depth++;
            if (depth == 2 && !name.equals("otherData")) {
              events.add(new TreeMap<>());
            }
          }
          case END_OBJECT -> depth--;
          case PROPERTY_NAME -> name = json.currentName();
          case VALUE_STRING, VALUE_NUMBER_INT -> {
            if (depth == 2 && !events.isEmpty()) {
              events.getLast().put(name, json.getString());
            }
          }
          default -> {}
        }
      }
    }
    return events;
  }
}
