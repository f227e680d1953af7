import java.sql.*;
import org.postgresql.PGConnection;

/** Follows the changes of leads. A program that remembers its last position misses none. Needs org.postgresql:postgresql. */
public class LeadChanges {
    public static void main(String[] arguments) throws SQLException {
        long position = Long.parseLong(arguments[1]);
        try (Connection connection = DriverManager.getConnection(arguments[0])) {
            // Listen before reading, so that no change is missed: a change that commits in between is read and also announced.
            try (Statement listen = connection.createStatement()) {
                listen.execute("listen leadsync_leads");
            }
            while (true) {
                long before = position;
                try (PreparedStatement read = connection.prepareStatement(
                        "select position, id, kind, changed from legacy.lead_changes where position > ? order by position limit 500")) {
                    read.setLong(1, position);
                    ResultSet row = read.executeQuery();
                    while (row.next()) {
                        System.out.println(row.getString("id") + " " + row.getString("kind") + " " + row.getString("changed"));
                        position = row.getLong("position");
                    }
                }
                if (position == before) {
                    connection.unwrap(PGConnection.class).getNotifications(10_000);
                }
            }
        }
    }
}
